# Images are named to the patch; `make images` writes beside each the digest it has, which a registry cannot change.
# The wheels are made in one image and installed in another, which keeps neither compiler nor cache nor sources.
FROM python:3.13.7-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY deploy/requirements.lock deploy/
RUN python -m venv /opt/jalon && /opt/jalon/bin/pip install --no-deps --require-hashes -r deploy/requirements.lock
COPY pyproject.toml README.md LICENSE policy.yml labels.yml ./
COPY app app
COPY issue_templates issue_templates
COPY workflows workflows
COPY catalogue catalogue
COPY verifier verifier
RUN pip wheel --no-deps --wheel-dir /tmp/wheel . && /opt/jalon/bin/pip install --no-deps /tmp/wheel/*.whl

FROM python:3.13.7-slim-trixie
LABEL org.opencontainers.image.title="Jalon" org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 jalon && useradd --uid 10001 --gid jalon --no-create-home --shell /usr/sbin/nologin jalon \
    && install --directory --owner=jalon --group=jalon --mode=0700 /data
COPY --from=build /opt/jalon /opt/jalon
ENV PATH=/opt/jalon/bin:$PATH PYTHONUNBUFFERED=1 JALON_LOG_FORMAT=json JALON_DATABASE_URL=sqlite:////data/jalon.db
USER 10001:10001
VOLUME /data
EXPOSE 8080
# 15 seconds are enough to finish the turns under way.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
ENTRYPOINT ["jalon"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
