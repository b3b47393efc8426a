"""Floor 4: scenario files. Their schema, what is checked, reading and writing them, and the chain that is built from one."""
