import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { cpus, totalmem, uptime } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool } from '../run-tool.case.js';
import { parseCpuLines } from './monitor/cpu.js';
import { parseMounts } from './monitor/disk.js';
import { formatBytes, percent } from './monitor/format.js';
import { parseMeminfo } from './monitor/memory.js';
import { parseInterfaces } from './monitor/network.js';
import { parseStat } from './monitor/processes.js';
import systemMonitor from './system-monitor.js';

const LINUX = process.platform === 'linux';
const granted = (...read: string[]) => createPermissions({ ...noGrants(), read }, { cwd: '/' });

async function measure(input: Record<string, unknown>, permissions = granted()): Promise<JsonObject> {
  return (await callTool(systemMonitor, input, { permissions })).result as JsonObject;
}

describe('what is measured', () => {
  it('all, under each of its names', async () => {
    for (const operation of [undefined, 'all', 'stats', 'get_stats', 'get_all', 'get_metrics'])
      expect(
        await callTool(
          systemMonitor,
          { ...(operation && { operation }), sample_ms: 10 },
          { permissions: granted() },
        ),
      ).toMatchObject({
        success: true,
        operation: 'all',
        result: {
          cpu_usage_percent: expect.any(Number),
          cpu_count: cpus().length,
          total_memory_bytes: expect.any(Number),
          load_average: [expect.any(Number), expect.any(Number), expect.any(Number)],
          uptime_seconds: expect.any(Number),
          formatted: { total_memory: expect.stringMatching(/^[\d.]+ [KMGT]B$/) },
        },
        text: expect.stringMatching(/^CPU: [\d.]+ % of \d+ cores\nMemory: /),
      });
  });

  it('only what is wanted', async () => {
    const { formatted, process_count, ...rest } = await measure({
      operation: 'all',
      metrics: ['uptime', 'load'],
    });
    expect([formatted, Object.keys(rest).sort()]).toEqual([undefined, ['load_average', 'uptime_seconds']]);
    expect(process_count).toBeGreaterThan(0);
  });

  it('the processors, each one', async () => {
    const busy = spawn('sh', ['-c', 'while :; do :; done']);
    try {
      const cpu = await measure({ operation: 'cpu', sample_ms: 400 });
      const cores = cpu.cpu_per_core as number[];
      expect(cores).toHaveLength(cpus().length);
      expect(Math.max(...cores)).toBeGreaterThan(20);
      for (const core of [...cores, cpu.cpu_usage_percent as number]) {
        expect(core).toBeGreaterThanOrEqual(0);
        expect(core).toBeLessThanOrEqual(100);
      }
    } finally {
      busy.kill('SIGKILL');
    }
  });

  it('the memory', async () => {
    const memory = await measure({ operation: 'memory' });
    const [total, used, available] = ['total', 'used', 'available'].map(
      (key) => memory[`${key}_memory_bytes`] as number,
    );
    expect(Math.abs(total! - totalmem())).toBeLessThan(totalmem() / 10);
    expect(used! + available!).toBe(total);
    expect(memory.memory_usage_percent).toBeCloseTo((used! / total!) * 100, 0);
  });

  it.runIf(LINUX)('the disks, as df says', async () => {
    const { disk_usage: disks } = (await measure({ operation: 'disk' })) as {
      disk_usage: Record<string, JsonObject>;
    };
    expect(Object.keys(disks).length).toBeGreaterThan(0);
    for (const [path, disk] of Object.entries(disks)) {
      const [, line] = execFileSync('df', ['-B1', '--output=size', path], { encoding: 'utf8' }).split('\n');
      expect(disk.total_bytes).toBe(Number(line));
    }
  });

  it.runIf(LINUX)('the network, in bytes per second', async () => {
    const server = createServer((peer) => peer.resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const send = setInterval(() => client.write(Buffer.alloc(20_000)), 10);
    const { network_interfaces: found } = (await measure({ operation: 'network', sample_ms: 300 })) as {
      network_interfaces: Record<string, JsonObject>;
    };
    clearInterval(send);
    client.destroy();
    server.close();
    expect(found.lo).toMatchObject({ rx_bytes: expect.any(Number), tx_errors: 0 });
    const raw = readFileSync('/proc/net/dev', 'utf8');
    if (/lo: *[1-9]/.test(raw)) expect(found.lo!.rx_bytes_per_second).toBeGreaterThan(10_000);
    expect(JSON.stringify(found)).not.toContain('127.0.0.1');
  });

  it('the time since the start', async () => {
    const { uptime_seconds } = await measure({ operation: 'uptime' });
    expect(Math.abs((uptime_seconds as number) - uptime())).toBeLessThan(5);
  });

  it('temperatures, if there are any', async () => {
    expect(await measure({ operation: 'sensors' })).toMatchObject({ temperatures: expect.any(Array) });
  });
});

describe.runIf(LINUX)('processes', () => {
  const SECRET = `--password=canary-${process.pid}`;
  async function withProcess<T>(work: (pid: number) => Promise<T>): Promise<T> {
    const script = 'while :; do :; done';
    const child = spawn('sh', ['-c', script, SECRET], { stdio: 'ignore' });
    await once(child, 'spawn');
    try {
      return await work(child.pid!);
    } finally {
      child.kill('SIGKILL');
    }
  }

  it('that take most come first', async () => {
    await withProcess(async (pid) => {
      const { processes, process_count } = await measure({
        operation: 'processes',
        sample_ms: 400,
        limit: 3,
      });
      expect(processes).toHaveLength(3);
      expect(process_count).toBeGreaterThan(3);
      const rows = (await measure({ operation: 'processes', sample_ms: 400, limit: 100 }))
        .processes as JsonObject[];
      expect(rows.find((row) => row.pid === pid)).toMatchObject({
        name: 'sh',
        cpu_percent: expect.any(Number),
      });
      expect(rows.find((row) => row.pid === pid)!.cpu_percent).toBeGreaterThan(5);
    });
  });

  it('by memory, as the system counts it', async () => {
    const rows = (await measure({ operation: 'processes', sort_by: 'memory', limit: 100, sample_ms: 10 }))
      .processes as { pid: number; memory_bytes: number }[];
    const sizes = rows.map((row) => row.memory_bytes);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const own = rows.find((row) => row.pid === process.pid)!;
    const rss = process.memoryUsage().rss;
    expect(own.memory_bytes / rss).toBeGreaterThan(0.5);
    expect(own.memory_bytes / rss).toBeLessThan(2);
  });

  it('never show what they were called with, unless /proc is granted', async () => {
    await withProcess(async (pid) => {
      const all = await measure({ operation: 'processes', limit: 100, sample_ms: 10 }, granted('/'));
      expect(JSON.stringify(all)).not.toContain('canary');
      for (const permissions of [granted(), granted('*'), granted('/tmp', '/home')])
        await expect(
          measure({ operation: 'processes', arguments: true, sample_ms: 10 }, permissions),
        ).rejects.toMatchObject({
          code: 'permission.read',
          hint: expect.stringContaining('--allow-read=/proc'),
        });
      const input = { operation: 'processes', arguments: true, limit: 100, sample_ms: 10 };
      const rows = (await measure(input, granted('/proc'))).processes as JsonObject[];
      expect(rows.find((row) => row.pid === pid)!.command).toContain(SECRET);
    });
  });
});

describe('the end', () => {
  it('comes during the wait between two samples', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('enough')), 30);
    await expect(
      callTool(
        systemMonitor,
        { operation: 'cpu', sample_ms: 10_000 },
        { signal: abort.signal, permissions: granted() },
      ),
    ).rejects.toThrow('enough');
  });
});

describe('tables of the kernel', () => {
  it('of processors', () => {
    const table = 'cpu  9 9 9 9\ncpu0 10 1 5 80 4 1 1 2 3 0\ncpu1 1 0 0 9\nintr 1\n';
    expect(parseCpuLines(table)).toEqual([
      { busy: 20, total: 104 },
      { busy: 1, total: 10 },
    ]);
  });

  it('of memory', () => {
    expect(
      parseMeminfo(
        'MemTotal: 100 kB\nMemFree: 10 kB\nMemAvailable: 60 kB\nSwapTotal: 8 kB\nSwapFree: 6 kB\n',
      ),
    ).toEqual({
      total: 102_400,
      available: 61_440,
      swapTotal: 8192,
      swapFree: 6144,
    });
    expect(parseMeminfo('MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 20 kB\n')).toMatchObject({
      available: 35_840,
    });
    expect(parseMeminfo('')).toBeUndefined();
  });

  it('of mounts', () => {
    const table = [
      'proc /proc proc rw 0 0',
      '/dev/sda1 / ext4 rw 0 0',
      '/dev/sda1 /var/bind ext4 rw 0 0',
      'tmpfs /run tmpfs rw 0 0',
      'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0',
      'overlay /merged overlay rw 0 0',
      '/dev/sdb1 /mnt/my\\040disk xfs rw 0 0',
      'server:/x /net nfs4 rw 0 0',
      '',
    ].join('\n');
    expect(parseMounts(table)).toEqual([
      { path: '/', type: 'ext4' },
      { path: '/merged', type: 'overlay' },
      { path: '/mnt/my disk', type: 'xfs' },
      { path: '/net', type: 'nfs4' },
    ]);
  });

  it('of interfaces', () => {
    const table = `Inter-|   Receive    |  Transmit\n face |bytes packets|bytes\n    lo: 11 2 0 1 0 0 0 0 44 5 6 0 0 0 0 0\neth0:7 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n`;
    expect([...parseInterfaces(table)]).toMatchObject([
      ['lo', { rx_bytes: 11, rx_packets: 2, rx_dropped: 1, tx_bytes: 44, tx_errors: 6 }],
      ['eth0', { rx_bytes: 7, tx_bytes: 9 }],
    ]);
  });

  it('of one process, whatever its name', () => {
    const fields = 'R 1 1 1 0 -1 4 0 0 0 0 30 12 0 0 20 0 3 0 777 1000 25 0';
    for (const name of ['sh', 'a) R (b', 'two words', ''])
      expect(parseStat(`42 (${name}) ${fields}`)).toEqual({
        pid: 42,
        name,
        state: 'running',
        threads: 3,
        ticks: 42,
        started: 777,
        pages: 25,
      });
    expect(parseStat('')).toBeUndefined();
  });

  it('become figures for people', () => {
    expect([0, 1023, 1536, 1.5 * 1024 ** 3].map(formatBytes)).toEqual(['0 B', '1023 B', '1.5 KB', '1.5 GB']);
    expect([percent(1, 3), percent(5, 0), percent(9, 3), percent(-1, 3)]).toEqual([33.3, 0, 100, 0]);
  });
});
