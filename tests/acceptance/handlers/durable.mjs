// A durable function for AWS's SDK for JavaScript: a step, a wait, a callback, parallel branches.

import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const packages = createRequire(process.env.NODE_PACKAGES + "/");
const { withDurableExecution } = packages("@aws/durable-execution-sdk-js");

// Ends the process the first time: `mark` is a file that does not exist then.
const crashOnce = (mark) => {
  if (mark && !existsSync(mark)) {
    writeFileSync(mark, "");
    process.exit(1);
  }
};

export const handler = withDurableExecution(async (event, context) => {
  const attempts = await context.step(
    "reserve",
    async (step) => {
      if (event.fails && step.attempt === 1) throw new Error("no stock yet");
      return step.attempt ?? 1;
    },
    { retryStrategy: (error, attempt) => ({ shouldRetry: attempt < 3, delay: { seconds: 60 } }) },
  );
  await context.wait("cool down", { hours: 1 });
  const approval = await context.waitForCallback("approval", async () => {}, {
    timeout: { hours: 24 },
  });
  const shipped = await context.parallel("ship", [
    async (branch) => branch.step("pack", async () => crashOnce(event.mark) ?? "packed"),
    async (branch) => {
      await branch.wait("courier", { minutes: 5 });
      return branch.step("hand over", async () => "handed over");
    },
  ]);
  return { order: event.order, attempts, approval, shipped: shipped.getResults() };
});
