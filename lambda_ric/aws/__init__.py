"""Facts about AWS that several folders need. Never runs in Lambda."""
