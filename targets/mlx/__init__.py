"""The MLX target: `mlx_lm.server` on Apple silicon."""
