"""An LTI 1.3 tool for SENCo-training programmes.

Folders stand on floors and import downwards only; `pyproject.toml` states the floors and
`make contracts` checks them. Start reading in `app.py`, which joins the parts together,
then follow a launch from `launch/views.py` and a grade from `marking/releasing.py`.
"""
