"""The forms a launch is written in: shell, compose, Kubernetes, Slurm, systemd, launchd, …"""
