/** What a standby says of itself on --listen-metrics-urls: its client port answers for the cluster. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ProbeSource } from '../doors/probes.js';
import type { StandbyLoop } from '../standby/standby-loop.js';

export function standbyProbes(loop: StandbyLoop): ProbeSource {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  gauge(registry, 'understudy_standby', 'Whether this process stands by.', () => 1);
  gauge(registry, 'understudy_standby_registered', 'Whether the leader has this standby on a connection.', () =>
    loop.registered ? 1 : 0,
  );
  gauge(registry, 'understudy_standby_sync_age_seconds', 'Since the cluster was heard of last; -1 for never.', () =>
    loop.sinceSyncMs === null ? -1 : loop.sinceSyncMs / 1000,
  );
  return {
    live: () => true,
    notReady: async () => notReady(loop),
    metrics: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

/** Ready to send clients somewhere, and to be found by the leader. */
function notReady(loop: StandbyLoop): string | null {
  if (loop.cluster === null) return 'no cluster is known yet';
  return loop.registered ? null : 'not registered with a leader';
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
