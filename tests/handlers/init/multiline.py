raise ValueError("first line\nsecond line\r\nthird – ünïcödé")
