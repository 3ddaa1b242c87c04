import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** Records by name and type: `{ 'mail.test MX': [rdata] }`. */
export type Zone = Readonly<Record<string, readonly Buffer[]>>;

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  5: 'CNAME',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
};

/** A name server on loopback that answers from a table; what is not in it does not exist. For tests. */
export async function nameServer(zone: Zone): Promise<{ port: number; asked: string[]; socket: Socket }> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    const { name, type, end } = question(query);
    asked.push(`${name} ${type}`);
    const answers = zone[`${name} ${type}`];
    if (name.startsWith('silent.')) return;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(answers ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(answers?.length ?? 0, 6);
    head.writeUInt32BE(0, 8);
    const records = (answers ?? []).map((data) => record(query.readUInt16BE(end - 4), data));
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: (socket.address() as AddressInfo).port, asked, socket };
}

/** A name as it is written in a message. */
export function wireName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function question(query: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  while (query[at] !== 0) {
    labels.push(query.subarray(at + 1, at + 1 + query[at]!).toString());
    at += query[at]! + 1;
  }
  return { name: labels.join('.'), type: TYPES[query.readUInt16BE(at + 1)] ?? '?', end: at + 5 };
}

function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
