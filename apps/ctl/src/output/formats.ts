// The output formats by name.
import { CtlError, ExitCode } from '../exit-code.js';
import { fieldsPrinter } from './fields.js';
import { jsonPrinter } from './json.js';
import type { Printer, WriteLine } from './printer.js';
import { protobufPrinter } from './protobuf.js';
import { type SimpleOptions, simplePrinter } from './simple.js';
import { tablePrinter } from './table.js';

export const FORMATS = ['simple', 'table', 'json', 'fields', 'protobuf'] as const;

export interface PrinterOutput {
  readonly line: WriteLine;
  readonly errorLine: WriteLine;
  readonly write: (bytes: Uint8Array) => void;
}

/** @throws CtlError when there is no such format */
export function createPrinter(
  format: string,
  { line, errorLine, write }: PrinterOutput,
  options: SimpleOptions,
): Printer {
  switch (format) {
    case 'simple':
      return simplePrinter(line, errorLine, options);
    case 'table':
      return tablePrinter(line);
    case 'json':
      return jsonPrinter(line);
    case 'fields':
      return fieldsPrinter(line);
    case 'protobuf':
      return protobufPrinter(write);
    default:
      throw new CtlError(ExitCode.badFeature, 'unsupported output format');
  }
}
