package project

import (
	"path"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/document"
)

// parseDotnet lists what one does with a solution, or with a project by what it
// is:
//
//	Shop.sln                                      -> dotnet build Shop.sln, dotnet test Shop.sln
//	<Project Sdk="Microsoft.NET.Sdk.Web">         -> dotnet run --project Web.csproj, dotnet watch ...
//	<OutputType>Exe</OutputType>                  -> dotnet run --project Tool.csproj
//	<PackageReference Include="Microsoft.NET.Test.Sdk"> -> dotnet test Tests.csproj
//
// What a project imports, Directory.Build.props above all, is not read.
// The format: https://learn.microsoft.com/dotnet/core/project-sdk/overview
func parseDotnet(src source) ([]declared, []finding) {
	file := path.Base(src.path)
	name := strings.TrimSuffix(file, path.Ext(file))
	if strings.HasPrefix(path.Ext(file), ".sln") {
		return []declared{
			{local: "build:" + name, name: "build", command: "dotnet build " + dotnetFile(file)},
			{local: "test:" + name, name: "test", command: "dotnet test " + dotnetFile(file)},
		}, nil
	}
	doc, err := document.XML(src.data)
	if err != nil {
		return nil, broken(err)
	}
	project := doc.Get("Project")
	sdk := project.Get("@Sdk").String()
	web := strings.HasPrefix(sdk, "Microsoft.NET.Sdk.Web") || strings.HasPrefix(sdk, "Microsoft.NET.Sdk.Worker") || strings.Contains(sdk, "Aspire.AppHost")
	exe, tests := web, false
	for n := range project.All() {
		switch n.Key {
		case "OutputType":
			exe = exe || strings.EqualFold(n.Text, "Exe") || strings.EqualFold(n.Text, "WinExe")
		case "IsTestProject":
			tests = tests || strings.EqualFold(n.Text, "true")
		case "PackageReference":
			tests = tests || strings.EqualFold(n.Get("@Include").String(), "Microsoft.NET.Test.Sdk")
		}
	}
	switch {
	case tests:
		return []declared{{local: "test:" + name, name: "test", command: "dotnet test " + dotnetFile(file)}}, nil
	case !exe:
		return nil, nil
	}
	scripts := []declared{{local: "run:" + name, name: name, command: "dotnet run --project " + dotnetFile(file)}}
	if web {
		scripts = append(scripts, declared{local: "watch:" + name, name: "watch", command: "dotnet watch --project " + dotnetFile(file)})
	}
	return scripts, nil
}

// dotnetFile is a file's name as an argument that is no option.
func dotnetFile(name string) string {
	if isOption(name) {
		name = "./" + name
	}
	return quote(name)
}
