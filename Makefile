# The tests start hundreds of processes: each would compile the whole App again, and each worker the tests themselves.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: proofs proofs-nightly late late-part long nightly demo test quick browser pictures contract judges guide coverage faults lint lock clean
.venv/.ready: pyproject.toml requirements.lock
	python3 -c 'import sys; sys.exit("Jalon needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	python3 -m venv .venv
	.venv/bin/pip install --quiet --no-deps --require-hashes -r requirements.lock
	printf '%s\n' '$(CURDIR)' > $$(.venv/bin/python -c 'import site; print(site.getsitepackages()[0])')/jalon.pth
	printf '#!%s/.venv/bin/python\nfrom app.cli import main\nmain()\n' '$(CURDIR)' > .venv/bin/jalon && chmod +x .venv/bin/jalon
	touch $@
demo: .venv/.ready
	.venv/bin/jalon demo
# Three processes on two cores: tests that wait for a process or a browser leave room for another.
test: .venv/.ready
	.venv/bin/python -m pytest -n 3 $(TESTS)
# The rules and the sentences alone, while one writes them: under 40 seconds, so no plugin that they do not need, and
# twenty examples of each property, of which `make test` plays a hundred.
quick: .venv/.ready
	PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 .venv/bin/python -m pytest -p xdist -p hypothesispytest --hypothesis-profile=quick -n 2 tests/domain tests/messages
# The whole story done by clicking; needs Debian's chromium. Pictures are kept in .artifacts/browser.
browser: .venv/.ready
	.venv/bin/python -m pytest -n 2 -m browser tests/browser
# The three pictures of the README, from the demonstration; needs Debian's chromium. Look at them, then commit them.
pictures: .venv/.ready
	JALON_PICTURES=docs/images .venv/bin/python -m pytest -n 0 -m browser tests/browser/test_pictures.py
lint: .venv/.ready
	.venv/bin/ruff check app local_github tests benchmarks .ci
	.venv/bin/ruff format --check app local_github tests benchmarks .ci
	.venv/bin/mypy
	.venv/bin/check-jsonschema --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard issue_templates/*.yml))
	.venv/bin/check-jsonschema --builtin-schema vendor.github-issue-config issue_templates/config.yml
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows workflows/*.yml
	.venv/bin/check-jsonschema --builtin-schema custom.github-workflows-require-timeout workflows/*.yml
	.venv/bin/zizmor --quiet --offline workflows/*.yml
# The guides of installation and operations followed word for word, and an organisation without a server.
guide: .venv/.ready
	.venv/bin/python -m pytest -n 3 -m slow tests/operations tests/setup
# What takes minutes: the guides, processes killed and restarted, changes cut in their middle, pages judged in a browser.
long: .venv/.ready
	.venv/bin/python -m pytest -n 4 -m slow $(TESTS)
# What GitHub publishes of itself, and clients nobody here wrote, judge the local GitHub: needs npm the first time.
contract: judges
	CONTRACT_REQUIRED=1 .venv/bin/python -m pytest -m 'contract or peers'
judges: .venv/.ready tests/peers/node_modules/.package-lock.json
	.venv/bin/python tests/contract/fetch.py
tests/peers/node_modules/.package-lock.json: tests/peers/package-lock.json
	npm ci --prefix tests/peers --ignore-scripts --no-audit --no-fund
	touch $@
# The rules of the committee are tested to the last branch.
coverage: .venv/.ready
	.venv/bin/python -m pytest -n 2 -m 'not faults' tests/domain --cov=app/domain --cov-branch --cov-report=
	.venv/bin/coverage report --include='app/domain/*' --fail-under=100
# Every rule and every vote of a small committee, against the rules written a second time: under two minutes.
proofs: .venv/.ready
	.venv/bin/python -m pytest -n 2 -m proofs tests/proofs
# The same for four seats, and for the ten of the rules that travel with Jalon: minutes.
proofs-nightly: .venv/.ready
	.venv/bin/python -m pytest -n 2 -m nightly_proofs tests/proofs tests/verifier
# The properties again on examples drawn by chance, ten times as many: an hour. A failure prints how to play it again.
nightly: .venv/.ready
	.venv/bin/python -m pytest -n 2 --hypothesis-profile=nightly $$(grep -rl 'from hypothesis' tests --include='test_*.py')
# The stories once more, with every read of GitHub late by 0 to 3 seconds of their own clock.
late: .venv/.ready
	.venv/bin/python -m pytest -n 2 -m 'not faults' --late-reads tests/stories
# A part of them, at each change.
LATE = main_job board labels fields import clocks
late-part: .venv/.ready
	.venv/bin/python -m pytest -n 2 -m 'not faults' --late-reads $(LATE:%=tests/stories/test_%.py)
# Deaths, lost messages, full disks: minutes, not seconds.
faults: .venv/.ready
	.venv/bin/python -m pytest -n 3 -m faults tests/faults tests/engine/test_reminder_deaths.py
.PHONY: audit bench images images-check
# The digest of each container image, written beside its name; needs docker and a registry. Read the diff, then commit it.
images:
	python3 .ci/images.py
# Fails when an image has no digest, or another than its registry gives today.
images-check:
	python3 .ci/images.py --check
# Known vulnerabilities of what is installed, and secrets left in the files; tests make theirs up, and hunt for real keys.
audit: .venv/.ready
	git ls-files -z -- ':!tests' ':!*.lock' ':!*package-lock.json' | xargs -0 .venv/bin/detect-secrets-hook --exclude-secrets '^L’équipe|^Le secrétariat|^Seul le secrétariat|^Only the secretariat|^(le )?secrétariat$$|^the secretariat$$|^montrez la preuve|^show the evidence|^The (secretariat|deadline)|^Le délai|^banc-d-essai$$|^sans objet|^not_secretariat$$|^secretary_(since|taken)$$'
	.venv/bin/python .ci/audit.py
# Figures as ratios of one run, side by side; Probot and the load generator need Node.
bench: .venv/.ready
	.venv/bin/python -m benchmarks.ingress
	.venv/bin/python -m benchmarks.commands --before
	.venv/bin/python -m benchmarks.waits --before
	.venv/bin/python -m benchmarks.growth --before
	.venv/bin/python -m benchmarks.process
	.venv/bin/python -m benchmarks.reuse
	.venv/bin/python -m benchmarks.seal
# Needs uv; versions already locked stay as they are.
lock:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
		--group local-github --group test --group contract --group browser --group security --group lint --group build pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
		--constraint requirements.lock pyproject.toml --output-file deploy/requirements.lock
clean:
	rm -rf .venv .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
