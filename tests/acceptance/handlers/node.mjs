// A function for AWS's runtime client of Node: answers, fails, and streams.

export const handler = async (event, context) => {
  if (event.fail) throw new TypeError(event.fail);
  if (event.exit) process.exit(event.exit);
  console.log("running", context.awsRequestId);
  return { event, requestId: context.awsRequestId, remaining: context.getRemainingTimeInMillis() };
};

export const stream = awslambda.streamifyResponse(async (event, out, context) => {
  out.setContentType("text/plain");
  for (const part of event.parts) {
    out.write(part);
    await new Promise((resolve) => setTimeout(resolve, event.pause ?? 0));
  }
  if (event.fail) throw new TypeError(event.fail);
  out.end();
});
