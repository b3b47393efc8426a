"""Watch: one run, week by week."""
