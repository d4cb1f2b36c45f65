// Reads what the test runners wrote. `failed FOLDER` prints the failed .NET tests that are worth a second try, a line each: assembly, tab, filter.
// `count FOLDER` prints "N passed, N failed" and ends with 1 where a test failed; FOLDER/again holds the second tries.
import fs from "node:fs";
import path from "node:path";

// Where more fail, something is broken rather than late.
const mostTriedAgain = 5;

const attribute = (text, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? "";

function dotnetRuns(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter(file => file.endsWith(".trx")).map(file => {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    const counters = /<Counters ([^>]*)>/.exec(text)?.[1] ?? "";
    const count = name => Number(attribute(counters, name));
    const methods = new Map([...text.matchAll(/<UnitTest [^>]*?\bid="([^"]*)"[^>]*>[\s\S]*?<TestMethod ([^>]*)>/g)].map(([, id, method]) => [id, method]));
    const failed = [...text.matchAll(/<UnitTestResult ([^>]*)>/g)].map(([, result]) => result).filter(result => attribute(result, "outcome") === "Failed")
      .map(result => ({ name: attribute(result, "testName"), method: methods.get(attribute(result, "testId")) ?? "" }));
    return {
      passed: count("passed"), failed: count("failed") + count("error") + count("timeout") + count("aborted"), skipped: count("total") - count("executed"),
      tests: failed.map(({ name, method }) => ({
        name, assembly: attribute(method, "codeBase"), filter: `FullyQualifiedName=${attribute(method, "className")}.${attribute(method, "name").replace(/\(.*/, "")}`,
      })),
    };
  });
}

const sum = (runs, name) => runs.reduce((total, run) => total + run[name], 0);

const [wish, folder] = process.argv.slice(2);
const runs = dotnetRuns(folder);
if (wish === "failed") {
  const tests = runs.flatMap(run => run.tests);
  // A run that was aborted counts a failure that no test stands for.
  if (tests.length <= mostTriedAgain && tests.length === sum(runs, "failed"))
    for (const line of new Set(tests.map(test => `${test.assembly}\t${test.filter}`))) console.log(line);
} else {
  const failedRuns = Number(process.argv[4]);
  let [passed, failed, skipped] = ["passed", "failed", "skipped"].map(name => sum(runs, name));
  const again = dotnetRuns(path.join(folder, "again"));
  if (again.length > 0 && sum(again, "failed") === 0 && sum(again, "passed") > 0) {
    for (const test of runs.flatMap(run => run.tests)) console.log(`Unsteady, passed only at the second try: ${test.name}`);
    [passed, failed] = [passed + failed, 0];
  }
  const pages = path.join(folder, "vitest.json");
  if (fs.existsSync(pages)) {
    const result = JSON.parse(fs.readFileSync(pages, "utf8"));
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    skipped += result.numPendingTests + result.numTodoTests;
  }
  // A run that broke before it could count must not look like a success.
  if (failedRuns > 0 && failed === 0) failed = 1;
  console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
