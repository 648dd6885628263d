"""The container image built twice and run: `make image`. Apart from `make test`, since it needs
root, buildah, podman and runc, and a base image or debootstrap."""
