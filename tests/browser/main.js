// Runs the cases, several side by side in one browser, each on a home and a server of its own.
"use strict";
const fs = require("fs"), os = require("os"), path = require("path");
const {chromium} = require("playwright-core");
const {Template} = require("./home.js");
const {Case} = require("./case.js");

const options = {program: path.resolve(process.argv[2]), jobs: os.cpus().length};
let names = process.argv.slice(3);
if (names[0] === "--jobs") {
  options.jobs = +names[1];
  names = names.slice(2);
}
const folder = path.join(__dirname, "cases");
if (names.length === 0) names = fs.readdirSync(folder).filter(name => name.endsWith(".js")).map(name => name.slice(0, -3)).sort();

// A file has one case, or several by name.
function cases(name) {
  const file = require(path.join(folder, name + ".js"));
  return typeof file === "function" ? [[name, file]] : Object.entries(file).map(([part, run]) => [`${name}-${part}`, run]);
}

async function main() {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "assay-browser."));
  // Root may not use Chromium's own sandbox. No page that it shows here comes from elsewhere.
  const root = process.getuid() === 0;
  let passed = 0, failed = 0, browser;
  const end = async () => {
    if (browser) await browser.close();
    fs.rmSync(work, {recursive: true, force: true});
  };
  try {
    const template = new Template(options.program, path.join(work, "template"));
    const [opened] = await Promise.all([
      chromium.launch({executablePath: process.env.ASSAY_CHROMIUM || "/usr/bin/chromium", chromiumSandbox: !root,
        args: ["--disable-gpu", "--disable-background-networking"]}),
      template.make()]);
    browser = opened;
    const waiting = names.flatMap(cases);
    const worker = async () => {
      for (let next; (next = waiting.shift());) {
        const [name, run] = next, one = new Case(name, {browser, template, work: path.join(work, name)}), began = Date.now();
        await one.run(run);
        passed += one.passed;
        failed += one.failed;
        if (process.env.ASSAY_TEST_TIMES) console.log(`${((Date.now() - began) / 1000).toFixed(1)} s: ${name}`);
      }
    };
    await Promise.all(Array.from({length: options.jobs}, worker));
  } catch (error) {
    console.log(error.stack);
    failed++;
  }
  await end();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

main();
