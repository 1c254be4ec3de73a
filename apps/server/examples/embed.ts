import { createLogger, parseCommandLine, resolveConfig, startServer } from '@understudy/server';

export async function embed(dataDir: string, clientUrl: string, peerUrl: string) {
  const flags = [`--data-dir=${dataDir}`, `--listen-client-urls=${clientUrl}`, `--listen-peer-urls=${peerUrl}`];
  const parsed = parseCommandLine(flags, {}, '0.0.0');
  if (parsed.kind !== 'run') throw new Error('flags that only print something');
  const config = resolveConfig(parsed.flags, false);
  const server = await startServer({ logger: createLogger(config.name, 'warn', 'json') }, config);
  void server.ended.then((end) => console.log(end.kind === 'stopped' ? end.reason : end.error));
  return server; // later: await server.stop()
}
