// Renders the table of services and the list of public names.
import type { MethodModel, PackageModel, ServiceModel } from './schema.js';

function renderMethod(service: ServiceModel, method: MethodModel): string {
  const http = method.http.map((path) => `{ method: 'POST', path: '${path}' },`).join(' ');
  return `${method.localName}: {
    service: '${service.typeName}', name: '${method.name}', path: '${method.path}', kind: '${method.kind}',
    input: ${method.input}, output: ${method.output}, http: [${http}], id: ${method.id}, permission: '${method.permission}',
  },`;
}

function methodType(method: MethodModel): string {
  return `readonly ${method.localName}: MethodDescriptor<${method.input}, ${method.output}, '${method.kind}'>;`;
}

function renderService(service: ServiceModel): string {
  return `
export const ${service.tsName}: {
  readonly typeName: '${service.typeName}';
  readonly methods: { ${service.methods.map(methodType).join('\n')} };
} = {
  typeName: '${service.typeName}',
  methods: { ${service.methods.map((method) => renderMethod(service, method)).join('\n')} },
};`;
}

/** The module with one const a service, and all of them in a list. */
export function renderServices(packages: readonly PackageModel[]): string {
  const all = packages.flatMap(({ services }) => services);
  const used = new Set(all.flatMap(({ methods }) => methods).flatMap(({ input, output }) => [input, output]));
  const imports = packages.map(({ name, messages }) => {
    const names = messages.map(({ tsName }) => tsName).filter((tsName) => used.has(tsName));
    return names.length === 0 ? '' : `import { ${names.join(', ')} } from './${name}.js';`;
  });
  return [
    '// Generated from proto/ by scripts/generate.ts; edit those instead. Every service, with its paths and numbers.',
    "import type { MethodDescriptor, ServiceDescriptor } from '../service.js';",
    ...imports,
    ...all.map(renderService),
    `export const services: readonly ServiceDescriptor[] = [${all.map(({ tsName }) => tsName).join(', ')}];`,
  ].join('\n');
}

/** The module that names what the package exports of the generated code. */
export function renderIndex(packages: readonly PackageModel[]): string {
  const services = packages.flatMap((model) => model.services).map(({ tsName }) => tsName);
  const messages = packages.map(({ name, enums, messages: types }) => {
    const names = [...enums.flatMap(({ tsName }) => [tsName, `${tsName}Enum`]), ...types.map(({ tsName }) => tsName)];
    return `export { ${names.join(', ')} } from './${name}.js';`;
  });
  return [
    '// Generated from proto/ by scripts/generate.ts; edit those instead. The public names of the generated code.',
    ...messages,
    `export { ${[...services, 'services'].join(', ')} } from './services.js';`,
  ].join('\n');
}
