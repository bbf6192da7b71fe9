"""A small laboratory: real TLS servers and clients on loopback, captured by tcpdump.

Shared by testdata/captures/make.sh, which keeps what it makes, and by tests/live, which
makes everything anew. What client and server exchanged is taken from the programs themselves.
"""
