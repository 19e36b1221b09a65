.PHONY: demo test lint
.venv/.ready: pyproject.toml requirements.lock
	python3 -c 'import sys; sys.exit("Jalon needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	python3 -m venv .venv
	.venv/bin/pip install --quiet -r requirements.lock
	printf '%s\n' '$(CURDIR)' > $$(.venv/bin/python -c 'import site; print(site.getsitepackages()[0])')/jalon.pth
	printf '#!%s/.venv/bin/python\nfrom app.cli import main\nmain()\n' '$(CURDIR)' > .venv/bin/jalon && chmod +x .venv/bin/jalon
	touch $@
demo: .venv/.ready
	.venv/bin/jalon demo
test: .venv/.ready
	.venv/bin/python -m pytest -n 2
lint: .venv/.ready
	.venv/bin/ruff check app tests
	.venv/bin/mypy
