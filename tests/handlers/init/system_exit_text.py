raise SystemExit("cannot go on")
