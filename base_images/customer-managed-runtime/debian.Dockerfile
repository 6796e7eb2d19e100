# Your organisation's Python runtime for zip functions, on Debian.
#
#   docker build -t python-runtime -f base_images/customer-managed-runtime/debian.Dockerfile \
#     base_images/customer-managed-runtime
#   docker run --rm -p 9000:8080 -v "$PWD/examples/hello:/var/task:ro" python-runtime app.handler
#   curl http://localhost:9000/2015-03-31/functions/function/invocations -d '{"name": "Ada"}'
ARG PYTHON_VERSION=3.13
FROM public.ecr.aws/docker/library/python:${PYTHON_VERSION}-slim

COPY requirements.txt /var/runtime/requirements.txt
COPY --chmod=755 bootstrap /var/runtime/bootstrap
RUN python3 -m pip install --no-cache-dir -r /var/runtime/requirements.txt && \
    python3 -c 'import sys; print("python=%s\nversion=%d.%d" % (sys.executable, *sys.version_info[:2]))' \
      > /var/runtime/interpreter && \
    mkdir -p /var/task /opt

WORKDIR /var/task
USER 993:990
ENTRYPOINT ["/var/runtime/bootstrap"]
