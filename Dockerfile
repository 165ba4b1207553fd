# Kith as a container: the code, its locked dependencies with the PostgreSQL driver, and nothing that runs as root.
# Data lives in the volume /data. See docs/deploy.md.
FROM python:3.12-slim AS build
WORKDIR /kith
COPY locks/pg.txt locks/uv.txt locks/
RUN pip install --no-cache-dir --require-hashes --no-deps -r locks/uv.txt \
 && uv venv /venv \
 && uv pip install --no-cache --compile-bytecode --python /venv/bin/python --require-hashes -r locks/pg.txt

FROM python:3.12-slim
# Pango and a font: what quotes are drawn with as PDF
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /home/kith kith \
 && install -d -o kith -g kith -m 0700 /data
COPY --from=build /venv /venv
WORKDIR /kith
COPY . .
RUN python -m compileall -q app plugins \
 && printf '#!/bin/sh\nexec python -m app.cli "$@"\n' > /usr/local/bin/kith \
 && chmod 0755 /usr/local/bin/kith
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/kith \
    PYTHONUNBUFFERED=1 \
    KITH_ENV=production \
    KITH_DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
USER kith
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 CMD ["python", "deploy/healthcheck.py"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["kith"]
CMD ["serve"]
