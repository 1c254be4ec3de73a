/**
 * Memory for records that wait for their flush: blocks that are used again, so that a steady stream of writes makes no
 * garbage outside the heap, which a collector notices late.
 */

export const slabBytes = 64 * 1024;
/** Spare slabs kept; more go to the collector. */
const maxSpare = 256;

export class SlabPool {
  private readonly spare: Buffer[] = [];

  /** At least `size` bytes of anything, alone in their array buffer. */
  take(size: number): Buffer {
    if (size > slabBytes) return Buffer.allocUnsafeSlow(size);
    return this.spare.pop() ?? Buffer.allocUnsafeSlow(slabBytes);
  }

  /** Nobody reads them any more. */
  giveBack(slabs: readonly Buffer[]): void {
    for (const slab of slabs) if (slab.length === slabBytes && this.spare.length < maxSpare) this.spare.push(slab);
  }
}
