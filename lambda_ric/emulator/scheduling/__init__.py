"""Which environment serves which invoke, and when."""
