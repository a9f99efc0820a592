"""The llama.cpp target: `llama-server` on GPUs, CPUs and edge devices."""
