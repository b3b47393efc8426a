"""Floor 1: words and materials. The tables of parameters, the state, luck, portable mathematics, the compiler's door."""
