// The runs that the pages report.

export interface Setting {
  /** The name of the setting in pages, in numbers.json and in runs/docs. */
  readonly name: string;
  readonly experiment: string;
  readonly flags: readonly string[];
  /** Ids of the figures that the pages show. */
  readonly figures: readonly string[];
  readonly seeds: number;
}

const setting = (experiment: string, figures: readonly string[], variant = '', ...flags: string[]): Setting => ({
  name: variant === '' ? experiment : `${experiment}-${variant}`,
  experiment,
  flags,
  figures,
  seeds: 5,
});

export const settings: readonly Setting[] = [
  // One seed, because this experiment uses no random numbers.
  { ...setting('optimizer_compare_naive', ['paths']), seeds: 1 },
  setting('optimizer_compare_mnist', ['training-loss']),
  setting('weight_init_activation_histogram', ['activations-sigmoid', 'activations-tanh', 'activations-relu']),
  setting('weight_init_compare', ['training-loss']),
  setting('batch_norm_test', ['training-accuracy']),
  setting('batch_norm_test', [], 'book', '--dialect', 'book'),
  setting('overfit_weight_decay', ['accuracy']),
  setting('overfit_weight_decay', ['accuracy'], 'helpful', '--preset', 'helpful'),
  setting('overfit_dropout', ['accuracy']),
  setting('overfit_dropout', ['accuracy'], 'book', '--dialect', 'book'),
  setting('overfit_dropout', ['accuracy'], 'helpful', '--preset', 'helpful'),
  setting('hyperparameter_optimization', ['slice']),
  setting('internal_covariate_shift', ['inputs-of-activations', 'drift']),
  setting('batch_norm_limits', ['accuracy']),
  setting('layer_norm_rnn', ['training-loss', 'accuracy']),
  setting('convnet_vs_perceptron', ['training-loss']),
];
