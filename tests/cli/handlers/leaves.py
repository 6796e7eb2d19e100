raise SystemExit("no database")
