# syntax=docker/dockerfile:1
# The tag takes its security fixes with each build; to build the same again, give the digest:
#   docker build --build-arg PYTHON=3.11-slim-trixie@sha256:… .
ARG PYTHON=3.11-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/leadline
# Libraries change less often than the code: theirs is a layer of its own.
COPY constraints.txt ./
RUN /opt/leadline/bin/pip install --no-cache-dir -c constraints.txt \
    duckdb deltalake pyarrow panel fastapi exchange-calendars
COPY . ./
RUN /opt/leadline/bin/pip install --no-cache-dir -c constraints.txt '.[verify,s3]'

FROM python:${PYTHON}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="leadline" \
      org.opencontainers.image.description="Follow the smart money with SQL" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN groupadd --system --gid 10001 leadline \
    && useradd --system --uid 10001 --gid leadline --home-dir /data --no-create-home leadline \
    && install --directory --owner leadline --group leadline /data
COPY --from=build /opt/leadline /opt/leadline
# /data holds the store, leadline.toml and what is yours beside it; the rest may be read-only.
ENV PATH=/opt/leadline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LEADLINE_STORE=/data/store \
    XDG_CACHE_HOME=/data/.cache
WORKDIR /data
VOLUME ["/data"]
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["leadline"]
CMD ["serve", "--host", "0.0.0.0"]
