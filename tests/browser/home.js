// Homes as the real commands make them, and the server on one. The worked company is imported once; a case gets a copy
// of that home, in which its owner has an account and a session already.
"use strict";
const {execFile, spawn} = require("child_process");
const fs = require("fs"), path = require("path");

const ROOT = path.join(__dirname, "../..");
const PASSWORD = "four plain words here";
const ORGANISATION = "/o/brackwater-software-gmbh";

function command(program, words, home) {
  const env = {...process.env, ASSAY_HOME: home};
  return new Promise((good, bad) => execFile(program, words, {env, cwd: ROOT}, (error, out, err) => {
    if (error) bad(new Error(`assay ${words.join(" ")}: ${err}${out}`)); else good(out);
  }));
}

class Server {
  constructor(program, home) {
    this.program = program;
    this.home = home;
  }

  // Once it listens: `at` is where, `link` that of the first account where there is none. `more`: further words.
  async start(more = []) {
    const words = ["serve", "--home", this.home, "--listen", "127.0.0.1:0", "--log", this.home + ".log", ...more];
    this.child = spawn(this.program, words, {cwd: ROOT, stdio: ["ignore", "pipe", "pipe"]});
    this.ended = new Promise(good => this.child.on("exit", good));
    let said = "";
    await new Promise((good, bad) => {
      const late = setTimeout(() => bad(new Error("The server does not start: " + said)), 60000);
      const look = bytes => {
        said += bytes;
        // The link, where there is one, is said after the address.
        if (/Assay is at \S+ /.test(said) && said.endsWith("\n")) setTimeout(() => { clearTimeout(late); good(); }, 50);
      };
      this.child.stdout.on("data", look);
      this.child.stderr.on("data", look);
      this.ended.then(() => bad(new Error("The server ended: " + said)));
    });
    this.at = said.match(/Assay is at (\S+) /)[1];
    this.link = (said.match(/^ *(http\S*\/link\/\S*)$/m) || [])[1];
    this.org = this.at + ORGANISATION;
    return this;
  }

  // A command of the program on this home.
  assay(...words) {
    return command(this.program, words, this.home);
  }

  async stop() {
    if (!this.child) return;
    this.child.kill("SIGTERM");
    await this.ended;
    this.child = null;
  }
}

class Template {
  constructor(program, home) {
    this.program = program;
    this.home = home;
  }

  async make() {
    await command(this.program, ["init", this.home, "--name", "Brackwater Software GmbH", "--owner", "Voss",
      "--time-zone", "Europe/Berlin"], this.home);
    await command(this.program, ["set", "person", "Voss", "ref=P01"], this.home);
    await command(this.program, ["import", path.join(ROOT, "tests/planted/baseline.json")], this.home);
    await command(this.program, ["members", "add", "P04", "manager"], this.home);
    const server = await new Server(this.program, this.home).start();
    this.session = await this.first(server);
    await server.stop();
  }

  // The first account, without a browser: the cookie of its session.
  async first(server) {
    const link = server.link;
    const page = await (await fetch(link)).text();
    const owner = page.match(/name="owner" value="([^"]*)"/)[1];
    const body = new URLSearchParams({owner, login: "voss", password: PASSWORD, again: PASSWORD});
    const answer = await fetch(link, {method: "POST", body, redirect: "manual",
      headers: {Origin: server.at, "Sec-Fetch-Site": "same-origin"}});
    const cookies = (answer.headers.get("set-cookie") || "").match(/assay-[a-z]+=[^;]*/g);
    if (answer.status !== 303 || !cookies) throw new Error("The first account: " + answer.status);
    return cookies.map(cookie => ({name: cookie.split("=")[0], value: cookie.slice(cookie.indexOf("=") + 1)}));
  }

  // Another home like it, served.
  async serve(home, more) {
    fs.cpSync(this.home, home, {recursive: true});
    return new Server(this.program, home).start(more);
  }
}

module.exports = {Server, Template, PASSWORD, ORGANISATION};
