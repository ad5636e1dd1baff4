/** @file Runs one command line after another, each as a process of its own would; `session.ts` starts it. */
import { run } from "../../../packages/pullback/dist/cli/main.js";

const streams = ["stdout", "stderr"];

process.on("message", async ({ folder, args }) => {
  process.chdir(folder);
  const said = { stdout: "", stderr: "" };
  const written = streams.map((name) => process[name].write);
  for (const name of streams)
    process[name].write = (text) => {
      said[name] += text;
      return true;
    };
  const status = await run(args);
  streams.forEach((name, i) => {
    process[name].write = written[i];
  });
  process.send({ status, ...said });
});
