"""Measures this runtime beside others: `python -m benchmarks`, or `scripts/bench`.

A peer is a command line. It is started as Lambda starts a runtime, and a scripted Runtime API on
a real socket drives it; what it costs is read from the operating system. Peers take turns, round
after round, so that a machine that is busy for a while is busy for all of them, and what counts is
the ratio within a round.
"""
