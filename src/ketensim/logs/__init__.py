"""Lists of cases: a log goes in and a chain that resembles it comes out, and the other way round. On the analyses."""
