"""A load test of running servers: what is sent, what is measured, how it compares."""
