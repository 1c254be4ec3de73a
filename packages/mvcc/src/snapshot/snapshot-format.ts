/**
 * The layout of a snapshot file: all records of a state at one moment, to be kept, checked and restored from elsewhere.
 *
 *   magic      7 bytes "UNDSNAP", then the format version, u8
 *   header     length u32, JSON
 *   records    each: key length u32, value length u32, key, value; keys as in the store, without the prefix byte
 *   end        0xffffffff, u32
 *   padding    zeros, until the length is a multiple of 512, as etcd's tools expect of a snapshot
 *   trailer    32 bytes: SHA-256 of everything before
 *
 * Numbers are little-endian.
 */
import type { RecordsSum } from '../records-sum.js';

export const magic = Buffer.from('UNDSNAP');
export const formatVersion = 1;
/** Magic, version, length of the header. */
export const preambleBytes = 12;
export const recordHeaderBytes = 8;
export const endMark = 0xffff_ffff;
export const blockBytes = 512;
export const trailerBytes = 32;
/** Longer ones are damage. */
export const maxHeaderBytes = 64 * 1024;
export const maxRecordBytes = 256 * 1024 * 1024;

export interface SnapshotHeader {
  /** Of the cluster that it is of, and of the member that made it, as they are printed. */
  readonly clusterId: string;
  readonly memberId: string;
  /** Of the log entry up to which everything is in it. */
  readonly index: number;
  readonly term: number;
  readonly revision: number;
  /** Over all records, those of users, roles, leases and alarms included. */
  readonly sum: RecordsSum;
}
