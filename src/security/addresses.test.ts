import { describe, expect, it } from 'vitest';
import { addressRange, canonicalHost, specialAddress } from './addresses.js';

describe('canonicalHost', () => {
  it.each([
    ['Example.COM.', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['127.0.0.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['017700000001', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['１２７.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['[::ffff:7f00:1]', '127.0.0.1'],
    ['64:ff9b::169.254.169.254', '169.254.169.254'],
    ['64:ff9b::1', '0.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('writes %s as %s', (host, canonical) => {
    expect(canonicalHost(host)).toBe(canonical);
  });

  it.each(['', 'a b', 'a/b', 'a@b', 'a#b', '1.2.3.4.5', '[::1', 'g::1', 'a:80', '::1]/x[', '1::2::3', '.'])(
    'refuses %j',
    (host) => {
      expect(canonicalHost(host)).toBeUndefined();
    },
  );
});

describe('specialAddress', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '168.63.129.16',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:7f00:1::',
    'fd00:ec2::254',
    'fe80::1%lo',
    'ff02::1',
    '0x7f.1',
    '2852039166',
  ])('knows %s', (address) => {
    expect(specialAddress(address)).toBeTypeOf('string');
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', 'example.com'])(
    'lets %s be',
    (address) => {
      expect(specialAddress(address)).toBeUndefined();
    },
  );
});

describe('addressRange', () => {
  it('contains by prefix and family', () => {
    const range = addressRange('10.0.0.0/8')!;
    expect([range.contains('10.255.0.1'), range.contains('11.0.0.1'), range.contains('::1')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(addressRange('fd00::/8')!.contains('fd12::1')).toBe(true);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '::/129', 'host/8', '10.0.0/8'])('refuses %s', (text) => {
    expect(addressRange(text)).toBeUndefined();
  });
});
