# The wizard as one image. `make image` builds it with Docker, Podman or buildah and says what it was built on. By hand:
#   docker build -t keypair-wizard .      (Podman and buildah drop the health check unless told --format docker)
#
# The base is the official image, named by digest so that a build can be repeated: python:3.11-slim with Python 3.11.16 on
# Debian 13, built on 1 September 2026. The digest is the one that the image's makers wrote down (docker-library/repo-info,
# repos/python/remote/3.11-slim.md at commit cc54a6ea); it was read there and has not been pulled by us. Should it be
# wrong, the pull fails: a digest can't bring in another image. It gets no security updates either. To move on,
#   make image PYTHON_IMAGE=python:3.11-slim
# builds on the newest one and prints its digest, which then belongs here.
ARG PYTHON_IMAGE=python:3.11-slim@sha256:9534e5a8e315485d4061ed659af0fd78a284c015f9b73661b41d6bab25604534

# --- build: everything by hash, wheels only ---------------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS build
# pip trusts the certificates that the base trusts: a base of your own may add those of a proxy that opens connections.
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
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
COPY scripts/healthcheck.py /opt/
RUN /build/bin/python -m build --no-isolation --wheel --outdir /dist \
 && /build/bin/python -m pip --python /opt/wizard/bin/python install --no-index --no-deps /dist/*.whl \
 && /opt/wizard/bin/python -m compileall -q /opt/wizard/lib \
 && chmod 0644 /opt/healthcheck.py

# --- run: the environment, and nothing that installs or builds --------------------------------------------------------
FROM ${PYTHON_IMAGE}
# Out go pip and its kin (ensurepip lies in one place in Python's own builds, in two others in Debian's), every setuid bit,
# and the right of everybody to write to any folder but /tmp, which a hardened run lays a tmpfs over.
RUN if python -m pip --version >/dev/null 2>&1; then \
      python -m pip uninstall --yes --quiet --root-user-action=ignore pip setuptools wheel; \
    fi \
 && rm -rf /usr/local/lib/python3*/ensurepip /usr/lib/python3*/ensurepip /usr/share/python-wheels /root/.cache \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && find / -xdev ! -type l -perm -0002 ! -path /tmp -exec chmod o-w {} +
COPY --from=build /opt/wizard /opt/wizard
COPY --from=build /opt/healthcheck.py /opt/healthcheck.py

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
