"""`plan --plot`: latency against throughput as a picture, the same bytes for the same plans."""
