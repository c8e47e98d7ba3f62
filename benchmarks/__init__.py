"""Scripts that measure speed and peers; nothing in qa imports them."""
