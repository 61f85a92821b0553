"""JupyterLab for the course: how it is started, and what saving a lesson does. The only place that knows Jupyter's server."""
