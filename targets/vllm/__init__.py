"""The vllm target."""
