// The flags every command takes, and the client and printer they ask for. A flag that is not given is looked for in the
// environment: UNDERSTUDYCTL_<FLAG>, then ETCDCTL_<FLAG>, so that a shell set up for etcdctl works unchanged.
import { readFileSync } from 'node:fs';
import { Client, type Credentials, EtcdGateway, type TlsOptions } from '@understudy/client';
import { type Command, Option } from 'commander';
import { badArgs, CtlError, ExitCode } from './exit-code.js';
import { discoverEndpoints, withScheme } from './client-endpoints.js';
import { parseDuration } from './go-duration.js';
import { type Io, lineWriter } from './io.js';
import { createPrinter, FORMATS } from './output/formats.js';
import type { Printer } from './output/printer.js';
import { askPassword } from './password.js';

interface RawFlags {
  endpoints?: string[];
  writeOut?: string;
  hex?: boolean;
  dialTimeout?: string;
  commandTimeout?: string;
  keepaliveTime?: string;
  keepaliveTimeout?: string;
  debug?: boolean;
  discoverySrv?: string;
  discoverySrvName?: string;
  insecureDiscovery?: boolean;
  insecureTransport?: boolean;
  cacert?: string;
  cert?: string;
  key?: string;
  insecureSkipTlsVerify?: boolean;
  user?: string;
  password?: string | boolean;
}

export interface GlobalFlags {
  readonly endpoints: readonly string[];
  readonly writeOut: string;
  readonly hex: boolean;
  readonly dialTimeoutMs: number;
  readonly commandTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly debug: boolean;
  readonly discovery: { readonly domain: string; readonly service: string; readonly insecure: boolean };
  readonly tls: { readonly cacert: string; readonly cert: string; readonly key: string; readonly insecure: boolean };
  readonly user: string;
  /** Undefined: to be asked for, where there is a user. */
  readonly password: string | undefined;
}

const DEFAULT_ENDPOINT = '127.0.0.1:2379';

export function addGlobalFlags(program: Command): void {
  program
    .addOption(
      new Option('--endpoints <list>', `client endpoints, comma separated (default: ${DEFAULT_ENDPOINT})`).argParser(
        endpointList,
      ),
    )
    .option('-w, --write-out <format>', `output format: ${FORMATS.join(', ')} (default: simple)`)
    .option('--hex', 'print keys and values as hex escapes')
    .option('--dial-timeout <duration>', 'how long one connection attempt may take (default: 2s)')
    .option('--command-timeout <duration>', 'how long a command may take, except watch and keep-alive (default: 5s)')
    .option('--keepalive-time <duration>', 'silence after which a connection is pinged (default: 2s)')
    .option('--keepalive-timeout <duration>', 'taken for etcdctl; a connection is closed after as much silence again')
    .option('--debug', 'print the flags of this run on stderr')
    .option('-d, --discovery-srv <domain>', 'endpoints by DNS, from SRV records')
    .option('--discovery-srv-name <name>', 'a suffix of the service that is looked up')
    .option('--insecure-discovery', 'take SRV records of endpoints without TLS too (default)')
    .option('--no-insecure-discovery', 'only those with TLS')
    .option('--insecure-transport', 'an endpoint without a scheme speaks no TLS (default)')
    .option('--no-insecure-transport', 'it speaks TLS; so it does with --cacert or --cert')
    .option('--cacert <file>', 'trust servers whose certificate this CA bundle signed')
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .option('--insecure-skip-tls-verify', 'do not verify the server certificate (for tests only)')
    .option('--user <name[:password]>', 'who to authenticate as; without a password it is asked for')
    .option('--password <password>', 'the password, when --user has none');
}

function endpointList(text: string, previous: string[] | undefined): string[] {
  const list = text.split(',').map((endpoint) => endpoint.trim());
  return [...(previous ?? []), ...list.filter((endpoint) => endpoint !== '')];
}

/** The flags of this run, with environment and defaults filled in. */
export function resolveGlobalFlags(command: Command, env: Io['env']): GlobalFlags {
  const flags: RawFlags = command.optsWithGlobals();
  const text = (flag: string, given: string | undefined, fallback: string): string => {
    return given ?? fromEnvironment(env, flag) ?? fallback;
  };
  const flag = (name: string, given: boolean | undefined): boolean => {
    return given ?? fromEnvironment(env, name)?.toLowerCase() === 'true';
  };
  const duration = (name: string, given: string | undefined, fallback: string): number => {
    return durationFlag(name, text(name, given, fallback));
  };
  const given = flags.endpoints ?? endpointList(text('endpoints', undefined, DEFAULT_ENDPOINT), undefined);
  const [user = '', ...rest] = text('user', flags.user, '').split(':');
  const secured = ['cacert', 'cert', 'key'].some((name) => text(name, flags[name as 'cert'], '') !== '');
  const on = (name: string, value: boolean | undefined): boolean => {
    return value ?? fromEnvironment(env, name)?.toLowerCase() !== 'false';
  };
  const tls = secured || !on('insecure-transport', flags.insecureTransport);
  duration('keepalive-timeout', flags.keepaliveTimeout, '6s');
  return {
    endpoints: given.map((endpoint) => withScheme(endpoint, tls)),
    writeOut: text('write-out', flags.writeOut, 'simple'),
    hex: flag('hex', flags.hex),
    dialTimeoutMs: duration('dial-timeout', flags.dialTimeout, '2s'),
    commandTimeoutMs: duration('command-timeout', flags.commandTimeout, '5s'),
    keepAliveMs: duration('keepalive-time', flags.keepaliveTime, '2s'),
    debug: flag('debug', flags.debug),
    discovery: {
      domain: text('discovery-srv', flags.discoverySrv, ''),
      service: text('discovery-srv-name', flags.discoverySrvName, ''),
      insecure: on('insecure-discovery', flags.insecureDiscovery),
    },
    tls: {
      cacert: text('cacert', flags.cacert, ''),
      cert: text('cert', flags.cert, ''),
      key: text('key', flags.key, ''),
      insecure: flag('insecure-skip-tls-verify', flags.insecureSkipTlsVerify),
    },
    user,
    password: rest.length > 0 ? rest.join(':') : (givenPassword(flags) ?? fromEnvironment(env, 'password')),
  };
}

/** What only waiting can tell: endpoints by DNS, and a password that somebody types. */
export async function prepareFlags(flags: GlobalFlags, io: Io): Promise<GlobalFlags> {
  const { discovery, user, debug } = flags;
  const found = discovery.domain === '' ? [] : await discoverEndpoints(discovery, discovery.insecure);
  const password = user === '' ? undefined : (flags.password ?? (await askPassword(io, 'Password: ')));
  const ready = { ...flags, password, endpoints: found.length > 0 ? found : flags.endpoints };
  if (debug) printFlags(ready, lineWriter(io.stderr));
  return ready;
}

// As the environment would say them; a password is nobody's business.
function printFlags(flags: GlobalFlags, line: (text: string) => void): void {
  const { endpoints, writeOut, hex, tls, user, dialTimeoutMs, commandTimeoutMs, keepAliveMs } = flags;
  const values = {
    CACERT: tls.cacert,
    CERT: tls.cert,
    COMMAND_TIMEOUT: `${commandTimeoutMs}ms`,
    DIAL_TIMEOUT: `${dialTimeoutMs}ms`,
    ENDPOINTS: `[${endpoints.join(',')}]`,
    HEX: hex,
    INSECURE_SKIP_TLS_VERIFY: tls.insecure,
    KEEPALIVE_TIME: `${keepAliveMs}ms`,
    KEY: tls.key,
    USER: user,
    WRITE_OUT: writeOut,
  };
  for (const [name, value] of Object.entries(values)) line(`UNDERSTUDYCTL_${name}=${String(value)}`);
}

// `user add` has a --no-password of its own, which leaves a boolean here.
function givenPassword({ password }: RawFlags): string | undefined {
  return typeof password === 'string' ? password : undefined;
}

function fromEnvironment(env: Io['env'], flag: string): string | undefined {
  const name = flag.toUpperCase().replaceAll('-', '_');
  return env[`UNDERSTUDYCTL_${name}`] ?? env[`ETCDCTL_${name}`];
}

function durationFlag(flag: string, text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) {
    throw new CtlError(
      ExitCode.error,
      `invalid argument ${JSON.stringify(text)} for "--${flag}" flag: ${parsed.reason}`,
    );
  }
  const ms = Math.ceil(parsed.ms);
  if (ms < 1) throw badArgs(`--${flag} is ${text}; it must be longer than 0`);
  return ms;
}

export function printerFor(flags: GlobalFlags, io: Io, valueOnly = false): Printer {
  const options = { hex: flags.hex, valueOnly };
  const write = (bytes: Uint8Array): void => io.stdout(bytes);
  const output = { line: lineWriter(io.stdout), errorLine: lineWriter(io.stderr), write };
  return createPrinter(flags.writeOut, output, options);
}

/** A client for these endpoints; one command needs neither the leader nor the other members. */
export function clientFor(flags: GlobalFlags, endpoints: readonly string[] = flags.endpoints): Client {
  return new Client(
    { endpoints, ...proofFor(flags) },
    {
      timeoutMs: flags.commandTimeoutMs,
      dialTimeoutMs: flags.dialTimeoutMs,
      keepAliveMs: Math.max(10, flags.keepAliveMs),
      followLeader: false,
      // With one endpoint its user means that member, whatever it is.
      excludeLearners: endpoints.length > 1,
    },
  );
}

/** An etcd, for what can be asked of it without gRPC. */
export function gatewayFor(flags: GlobalFlags, endpoint: string): EtcdGateway {
  return new EtcdGateway({ endpoint, ...proofFor(flags) }, { timeoutMs: flags.commandTimeoutMs });
}

/** What a client proves itself with, and what it trusts. */
function proofFor(flags: GlobalFlags): { readonly tls: TlsOptions; readonly auth?: Credentials } {
  const { cacert, cert, key, insecure } = flags.tls;
  if ((cert === '') !== (key === '')) {
    throw badArgs(`KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`);
  }
  const tls = {
    ...(cacert === '' ? {} : { ca: readPem(cacert) }),
    ...(cert === '' ? {} : { cert: readPem(cert) }),
    ...(key === '' ? {} : { key: readPem(key) }),
    rejectUnauthorized: !insecure,
  };
  const auth = flags.user === '' ? {} : { auth: { user: flags.user, password: flags.password ?? '' } };
  return { tls, ...auth };
}

/** @throws CtlError */
export function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const text = missing
      ? `open ${path}: no such file or directory`
      : `cannot read ${path}: ${(cause as Error).message}`;
    throw new CtlError(ExitCode.badArgs, text, { cause });
  }
}
