"""The race: ours and its rivals on the same questions with the same models; nothing in qa imports it."""
