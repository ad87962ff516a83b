// Command check does to manifests what Kubernetes' API server does when objects are created: it decodes them strictly, sets
// defaults, and validates them by the server's own code; pods have to be of Pod Security's level “restricted”.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corev1conversion "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	security "k8s.io/pod-security-admission/api"
	securitypolicy "k8s.io/pod-security-admission/policy"
)

const namespace = "studyhall"

// What has schemas of its own beside Kubernetes: test/deploy/deploy.test.ts checks it by them.
const custom = "keda.sh/v1alpha1"

var decoder = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()

func main() {
	failed := false
	for _, pattern := range os.Args[1:] {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			fmt.Printf("✗ %s: no such file\n", pattern)
			failed = true
		}
		for _, file := range files {
			failed = !checkFile(file) || failed
		}
	}
	if failed {
		os.Exit(1)
	}
}

func checkFile(name string) bool {
	file, err := os.Open(name)
	if err != nil {
		fmt.Printf("✗ %v\n", err)
		return false
	}
	defer file.Close()
	documents := yaml.NewYAMLReader(bufio.NewReader(file))
	isGood := true
	for {
		text, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return isGood
		}
		title, err := checkDocument(text)
		if err != nil {
			isGood = false
			fmt.Printf("✗ %s: %s: %v\n", name, title, err)
		} else {
			fmt.Printf("✓ %s: %s\n", name, title)
		}
	}
}

func checkDocument(text []byte) (string, error) {
	var head metav1.PartialObjectMetadata
	if err := yaml.Unmarshal(text, &head); err != nil {
		return "a document", err
	}
	title := head.Kind + " " + head.Name
	if head.APIVersion == custom {
		return title + " (not looked at: " + custom + ")", nil
	}
	object, _, err := decoder.Decode(text, nil, nil)
	if err != nil {
		return title, err
	}
	strategy, pod := strategyOf(object)
	if strategy == nil {
		return title, errors.New("a kind that nothing here validates")
	}
	meta, err := apimeta.Accessor(object)
	if err != nil {
		return title, err
	}
	rest.FillObjectMetaSystemFields(meta)
	if err := rest.BeforeCreate(strategy, request.WithNamespace(context.Background(), namespace), object); err != nil {
		return title, err
	}
	if pod == nil {
		return title, nil
	}
	return title, checkSecurity(pod)
}

// strategyOf names the server's own rules for an object, and the pods that it makes, if it makes any.
func strategyOf(object runtime.Object) (rest.RESTCreateStrategy, *core.PodTemplateSpec) {
	switch it := object.(type) {
	case *apps.Deployment:
		return deployment.Strategy, &it.Spec.Template
	case *batch.Job:
		return job.Strategy, &it.Spec.Template
	case *core.ConfigMap:
		return configmap.Strategy, nil
	case *core.Service:
		return service.Strategy, nil
	case *core.PersistentVolumeClaim:
		return persistentvolumeclaim.Strategy, nil
	case *policy.PodDisruptionBudget:
		return poddisruptionbudget.Strategy, nil
	}
	return nil, nil
}

func checkSecurity(template *core.PodTemplateSpec) error {
	var pod corev1.PodTemplateSpec
	if err := corev1conversion.Convert_core_PodTemplateSpec_To_v1_PodTemplateSpec(template, &pod, nil); err != nil {
		return err
	}
	evaluator, err := securitypolicy.NewEvaluator(securitypolicy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	restricted := security.LevelVersion{Level: security.LevelRestricted, Version: security.LatestVersion()}
	result := securitypolicy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec))
	if !result.Allowed {
		return fmt.Errorf("Pod Security would refuse it: %s", result.ForbiddenDetail())
	}
	return nil
}
