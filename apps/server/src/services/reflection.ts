/** grpc.reflection: what this server offers, from the table that the doors serve. */
import {
  type FileDescriptor,
  fileDescriptors,
  type ServerReflectionRequest,
  ServerReflectionResponse,
  ServerReflectionService,
  services,
  StatusCode,
} from '@understudy/protocol';
import type { ServiceTableBuilder } from './rpc.js';

/** Made when first asked for. */
class Files {
  readonly #byName = new Map<string, FileDescriptor>();
  readonly #bySymbol = new Map<string, FileDescriptor>();

  constructor() {
    for (const file of fileDescriptors()) {
      this.#byName.set(file.name, file);
      for (const symbol of file.symbols) this.#bySymbol.set(symbol, file);
    }
  }

  named(name: string): Uint8Array[] | null {
    return this.#withDependencies(this.#byName.get(name));
  }

  /** As far as a name is known: a field, or a value of an enum, is in the file of what holds it. */
  containing(symbol: string): Uint8Array[] | null {
    const parent = symbol.slice(0, symbol.lastIndexOf('.'));
    return this.#withDependencies(this.#bySymbol.get(symbol) ?? this.#bySymbol.get(parent));
  }

  #withDependencies(first: FileDescriptor | undefined): Uint8Array[] | null {
    if (first === undefined) return null;
    const files = new Set([first]);
    for (const file of files) {
      for (const name of file.dependencies) {
        const other = this.#byName.get(name);
        if (other !== undefined) files.add(other);
      }
    }
    return [...files].map(({ bytes }) => bytes);
  }
}

export function addReflectionService(table: ServiceTableBuilder): void {
  let files: Files | null = null;
  table.addStream(ServerReflectionService.methods.serverReflectionInfo, (sink) => ({
    onMessage: (request) => {
      files ??= new Files();
      sink.send(answer(files, request));
    },
    onDrain: () => undefined,
    onHalfClose: () => sink.end(),
    onClose: () => undefined,
  }));
}

function answer(files: Files, request: ServerReflectionRequest): ServerReflectionResponse {
  const respond = (init: Partial<ServerReflectionResponse>): ServerReflectionResponse =>
    ServerReflectionResponse.create({ validHost: request.host, originalRequest: request, ...init });
  const refuse = (errorCode: StatusCode, errorMessage: string): ServerReflectionResponse =>
    respond({ errorResponse: { errorCode, errorMessage } });
  const found = (what: string, bytes: Uint8Array[] | null): ServerReflectionResponse =>
    bytes === null
      ? refuse(StatusCode.NOT_FOUND, `${what.slice(0, 200)} is not known`)
      : respond({ fileDescriptorResponse: { fileDescriptorProto: bytes } });
  if (request.listServices !== undefined) {
    return respond({ listServicesResponse: { service: services.map(({ typeName }) => ({ name: typeName })) } });
  }
  if (request.fileByFilename !== undefined) return found(request.fileByFilename, files.named(request.fileByFilename));
  if (request.fileContainingSymbol !== undefined) {
    return found(request.fileContainingSymbol, files.containing(request.fileContainingSymbol));
  }
  return refuse(StatusCode.NOT_FOUND, 'there are no extensions');
}
