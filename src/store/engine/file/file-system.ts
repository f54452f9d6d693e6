/** Which file systems keep a database: what SQLite needs of locks and shared memory, a network does not give. */
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Label } from '../../../words.js';
import { refusal } from './refusal.js';

/** Whether a database on a network is refused, or opened at the operator's risk. */
export type NetworkStorage = 'refuse' | 'allow';

/** Shared by machines that do not share memory: two that open the file write over each other. Numbers from `statfs(2)`. */
const networks: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB 2',
  1397113167: 'AFS',
  1937076805: 'Coda',
  22092: 'NCP',
  12805120: 'Ceph',
  198183888: 'Lustre',
  1196443219: 'GPFS',
  18225520: 'GFS2',
  1952539503: 'OCFS2',
};

/** What is behind these differs: a disk of the machine, or a share of its host or of a network. */
const unknowns: Readonly<Record<number, string>> = {
  1702057286: 'FUSE',
  16914839: '9p',
  2020557398: 'VirtualBox',
  2088527475: 'Parallels',
};

/** The type of the file system that a file lies on, as `statfs(2)` numbers it; 0 where the system has no such numbers. */
export function fileSystemOf(path: string): bigint {
  return process.platform === 'linux' ? statfsSync(dirname(path), { bigint: true }).type : 0n;
}

/**
 * What is to be told of a database on a file system of a type. Throws a refusal for a network, unless that is allowed.
 */
export function judgeFileSystem(path: string, type: bigint, network: NetworkStorage): readonly Label[] {
  // Some systems extend the sign of 32 bits.
  const number = Number(BigInt.asUintN(32, type));
  const shared = networks[number];
  if (shared !== undefined && network === 'refuse') throw onNetwork(path, shared);
  if (shared !== undefined) {
    return [
      {
        zh: `警告：${path} 在网络文件系统（${shared}）上；由两台机器打开，或断线时，数据会损坏。`,
        en: `Warning: ${path} is on a network (${shared}). Opened by two machines, or when the line breaks, it will be damaged.`,
      },
    ];
  }
  const unknown = unknowns[number];
  if (unknown === undefined) return [];
  return [
    {
      zh: `警告：${path} 在 ${unknown} 文件系统上；请确认其下是本机磁盘，并支持文件锁和共享内存。`,
      en: `Warning: ${path} is on ${unknown}. Make sure that a disk of this machine is behind it, with locks and shared memory.`,
    },
  ];
}

/**
 * What is to be told of a file that has other names (hard links). SQLite keeps locks and log under the name by which it is
 * opened: by two names at once neither knows of the other, and a copy made of such names changes with the database.
 */
export function judgeNames(path: string): readonly Label[] {
  const { nlink } = statSync(path);
  if (nlink < 2) return [];
  return [
    {
      zh: `警告：${path} 另有 ${nlink - 1} 个名称（硬链接）；以两个名称同时打开会损坏数据，硬链接也不是备份。请复制出单独的文件。`,
      en: `Warning: ${path} has ${nlink - 1} more name(s), which are hard links. Opened by two of them at once it will be damaged, and a hard link is no backup. Make a copy that is a file of its own.`,
    },
  ];
}

function onNetwork(path: string, name: string): Error {
  return refusal({
    zh: `${path} 在网络文件系统（${name}）上，数据会损坏，不予打开。请改用本机磁盘；确有把握的，设 ALLOW_NETWORK_STORAGE=true。`,
    en: `${path} is on a network (${name}), where a database is damaged, and is not opened. Use a disk of this machine, or set ALLOW_NETWORK_STORAGE=true if you know better.`,
  });
}
