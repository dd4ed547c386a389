# The wizard as one image: docker run -p 8080:8080 -e WIZARD_SECRET_KEY=… snowflake-keypair-wizard
#
# The Python that the tests run on. For builds that can be repeated bit by bit, name it by digest:
#   docker build --build-arg PYTHON_IMAGE=python:3.11-slim@sha256:… .
ARG PYTHON_IMAGE=python:3.11-slim

# --- build: everything by hash, wheels only ---------------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /build \
 && /build/bin/python -m pip install --require-hashes --only-binary :all: -r requirements/build.txt \
 && python -m venv --without-pip /opt/wizard \
 && /build/bin/python -m pip --python /opt/wizard/bin/python install --require-hashes --only-binary :all: \
      -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY wizard/ wizard/
COPY templates/ templates/
COPY static/ static/
RUN /build/bin/python -m build --no-isolation --wheel --outdir /dist \
 && /build/bin/python -m pip --python /opt/wizard/bin/python install --no-index --no-deps /dist/*.whl \
 && /opt/wizard/bin/python -m compileall -q /opt/wizard/lib

# --- run: the environment, and nothing that installs or builds --------------------------------------------------------
FROM ${PYTHON_IMAGE}
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip setuptools wheel \
 ; rm -rf /usr/local/lib/python3*/ensurepip /root/.cache
COPY --from=build /opt/wizard /opt/wizard
COPY scripts/healthcheck.py /opt/healthcheck.py

# Listens for the port that is published, and refuses to start without a secret key of the operator's: one made in here
# would be gone with the container. The practice Snowflake is off.
ENV PATH=/opt/wizard/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/nonexistent \
    WIZARD_CONTAINER=1 \
    WIZARD_HOST=0.0.0.0 \
    WIZARD_PORT=8080 \
    WIZARD_PRACTICE=off
USER 10001:10001
WORKDIR /
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["python", "/opt/healthcheck.py"]
ENTRYPOINT ["keypair-wizard"]
CMD ["serve"]
