#!/usr/bin/env node
import '../dist/descent.js';
