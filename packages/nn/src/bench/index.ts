// The entry `@descent/nn/bench`, through which the experiments reach the benchmark of the kernels.
export * from '@descent/kernels/bench';
