"""The trtllm target."""
