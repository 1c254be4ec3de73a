// An answer that etcdctl prints as a line or two: users, roles, alarms. JSON prints the message, `fields` the header and
// what is given for it.
import type { MessageType, ResponseHeader } from '@understudy/protocol';

export interface PlainAnswer<T extends object = object> {
  readonly type: MessageType<T>;
  readonly answer: T & { readonly header?: ResponseHeader | undefined };
  readonly lines: readonly string[];
  /** Lines after the header; undefined: etcdctl does not print it as fields. */
  readonly fields: readonly string[] | undefined;
}
