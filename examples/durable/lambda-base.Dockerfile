FROM public.ecr.aws/lambda/python:3.13
WORKDIR /var/task
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py ./

ENTRYPOINT ["/var/lang/bin/python", "-m", "lambda_ric"]
CMD ["app.handler"]
