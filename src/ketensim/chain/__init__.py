"""Floor 3: what the conditions act upon. Hours, cases, administrators, policies, outcomes, and the week itself."""
