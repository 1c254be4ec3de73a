/**
 * The mark of a request that a standby passed on. It travels one hop: what was forwarded once is not forwarded again.
 *
 * The certificate that such a request comes with is the standby's, and says nothing of the user: what a user is by the
 * common name of a certificate alone ends at the standby, since nobody can prove it onward. Tokens go with the request.
 * Whoever sets the mark himself only loses the name of his own certificate.
 */
export const FORWARDED_HEADER = 'understudy-forwarded';

export function wasForwarded(headers: Readonly<Record<string, unknown>>): boolean {
  return headers[FORWARDED_HEADER] !== undefined;
}
